-- Full join of two groupings of the same windows.
-- input readings = readings(seed 228, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE VIEW hot AS SELECT device, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) WHERE temperature > 20 GROUP BY device, window_start, window_end;
CREATE VIEW wet AS SELECT device, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) WHERE humidity > 70 GROUP BY device, window_start, window_end;
SELECT a.device AS d, b.device AS e, COALESCE(a.window_start, b.window_start) AS s, a.n AS an, b.n AS bn FROM hot a FULL JOIN wet b ON a.device = b.device AND a.window_start = b.window_start AND a.window_end = b.window_end AND a.n < b.n;
