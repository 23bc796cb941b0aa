-- IS NULL and three-valued NOT.
-- input readings = readings(seed 4, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, device, ok, humidity FROM readings WHERE device IS NULL OR ok IS NOT TRUE OR NOT (humidity >= 20);
