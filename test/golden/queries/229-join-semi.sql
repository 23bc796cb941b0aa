-- Groups of a window that have a group of the same device in another one.
-- input readings = readings(seed 229, rows 150)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE VIEW hot AS SELECT device, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
CREATE VIEW wet AS SELECT device, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) WHERE humidity > 80 GROUP BY device, window_start, window_end;
SELECT device, window_start, window_end, n FROM hot a WHERE EXISTS (SELECT 1 FROM wet b WHERE a.device = b.device AND a.window_start = b.window_start AND a.window_end = b.window_end);
