-- A condition that is neither true nor false drops the row.
-- input readings = readings(seed 3, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, temperature, humidity, ok FROM readings WHERE temperature > 10 AND (humidity < 50 OR NOT ok) AND status <> 'FAIL';
