CREATE TABLE t (i INT, n INT NOT NULL, b BIGINT, d DOUBLE, price DECIMAL(10, 2), s STRING, c CHAR(3), ok BOOLEAN, at TIMESTAMP(3), ltz TIMESTAMP_LTZ(3))
WITH ('connector' = 'filesystem', 'path' = '${env:IN}/a.jsonl');
SELECT i + b AS sum, i / 2, price * 2.5, -i, -5, price / d, MOD(i, 3), 1.50, 1e3,
  i BETWEEN 1 AND 2.5, i NOT IN (1, 2, 3), s LIKE 'a!%' ESCAPE '!', NULLIF(s, ''), COALESCE(i, 0), IFNULL(d, i), IF(ok, 1, 2),
  CASE i WHEN 1 THEN 'one' WHEN 2 THEN 'three' END, CASE WHEN ok IS NOT TRUE THEN price ELSE i END,
  TRY_CAST(s AS INT), CAST(n AS STRING), UPPER(s) || '/' || c, TRIM(LEADING '0' FROM s), SUBSTRING(s FROM 2 FOR 3), POSITION('x' IN s), ROUND(price, 1),
  at + INTERVAL '1 02:03:04' DAY TO SECOND, INTERVAL '1' HOUR + INTERVAL '1' MINUTE, ltz - INTERVAL '1' MONTH, at < '2024-01-01 00:00:00', at = ltz,
  DATE '1970-01-02', TIME '00:00:01', TIMESTAMP '1970-01-01 00:00:01.5', NOW(), TO_TIMESTAMP(s), TO_TIMESTAMP_LTZ(i, 0), i > '5', s = c
FROM t WHERE NOT (ok OR i IS NULL);
