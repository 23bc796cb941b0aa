SELECT devcie, Device, r.d, r.a.x, q.i FROM t;
---- types that do not go together
SELECT i + device, device || i, ok = i, at - at, -device, NOT i, i AND ok FROM t;
---- conditions that are none
SELECT device FROM t WHERE i;
---- functions
SELECT UPER(device), UPPER(i), SUBSTRING(device), MOD(d, 2), ROUND(device), FLOOR(at) FROM t;
---- functions that would change in a replay
SELECT RAND(), UUID() FROM t;
---- functions of Flink
SELECT PARSE_URL(device, 'HOST'), PRINTF('%d', i) FROM t;
---- times
SELECT TO_TIMESTAMP(ts), TO_TIMESTAMP_LTZ(ts, 6), TO_TIMESTAMP_LTZ(device) FROM t;
---- branches that do not go together
SELECT CASE WHEN ok THEN i ELSE device END, COALESCE(i, device), CASE WHEN ok THEN NULL END FROM t;
---- casts
SELECT CAST(ok AS DATE), CAST(i AS TIMESTAMP(3)) FROM t;
---- numbers out of range
SELECT 99999999999999999999, 1.234567890123456789012345678901234567890 FROM t;
---- aggregates where there are none
SELECT device FROM t WHERE COUNT(*) > 1;
---- whole ROWs
SELECT r FROM t; SELECT r IS NULL FROM t;
---- LIKE
SELECT i LIKE '1', device LIKE 'a' ESCAPE 'xy' FROM t;
