-- GROUP BY with no aggregate: distinct keys of a window.
-- input readings = readings(seed 35, rows 120)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
