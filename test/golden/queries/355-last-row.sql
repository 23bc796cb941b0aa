-- The last row of each key by event time.
-- input readings = readings(seed 355, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, id, ts FROM (SELECT device, id, ts, ROW_NUMBER() OVER (PARTITION BY device ORDER BY rt DESC) AS rn FROM readings) WHERE rn = 1;
