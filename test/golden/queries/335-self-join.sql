-- A table with itself.
-- input readings = readings(seed 335, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT a.id, b.id AS other FROM readings a JOIN readings b ON a.humidity = b.humidity AND a.id < b.id;
