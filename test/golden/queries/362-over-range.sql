-- OVER RANGE, unbounded.
-- input readings = readings(seed 362, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
SELECT id, status, COUNT(*) OVER (PARTITION BY status ORDER BY rt) AS n, SUM(price) OVER (PARTITION BY status ORDER BY rt) AS total FROM readings;
