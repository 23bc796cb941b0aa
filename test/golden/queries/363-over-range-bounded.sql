-- OVER the last five seconds.
-- input readings = readings(seed 363, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
SELECT id, SUM(humidity) OVER w AS total, COUNT(*) OVER w AS n FROM readings WINDOW w AS (PARTITION BY ok ORDER BY rt RANGE BETWEEN INTERVAL '5' SECOND PRECEDING AND CURRENT ROW);
