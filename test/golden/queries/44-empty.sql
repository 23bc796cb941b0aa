-- No row passes: no window.
-- input readings = readings(seed 34, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE TEMPORARY VIEW nothing AS SELECT * FROM readings WHERE id < 0;
SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE nothing, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
