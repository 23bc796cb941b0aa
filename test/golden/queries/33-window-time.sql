-- window_time, and times of the window in expressions.
-- input readings = readings(seed 26, rows 100)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, window_time, CAST(window_end AS STRING) AS z, window_end - INTERVAL '1' SECOND AS y, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time;
