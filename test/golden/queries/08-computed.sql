-- Computed columns.
-- input readings = readings(seed 8, rows 30)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  kelvin AS temperature + 273.15, label AS device || '/' || status, day_start AS FLOOR(TO_TIMESTAMP_LTZ(ts, 3) TO DAY),
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, kelvin, label, rt, day_start FROM readings;
