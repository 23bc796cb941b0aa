-- OVER ROWS, unbounded and bounded.
-- input readings = readings(seed 360, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
SELECT id, device, COUNT(*) OVER w AS n, SUM(humidity) OVER w AS total, AVG(temperature) OVER w AS mean FROM readings WINDOW w AS (PARTITION BY device ORDER BY rt ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW);
