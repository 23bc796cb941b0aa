-- A filter below the window; rows it drops still move the watermark.
-- input readings = readings(seed 25, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE TEMPORARY VIEW hot AS SELECT device, temperature, rt FROM readings WHERE temperature > 30;
SELECT device, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE hot, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
