-- Hopping windows with an offset, keys that are NULL.
-- input readings = readings(seed 201, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, ok, window_start, window_end, window_time, COUNT(*) AS n, MIN(price) AS least FROM TABLE(HOP(TABLE readings, DESCRIPTOR(rt), INTERVAL '3' SECOND, INTERVAL '9' SECOND, INTERVAL '1' SECOND)) GROUP BY device, ok, window_start, window_end, window_time;
