-- Watermarks exactly at, one below and one above the borders of windows.
-- input borders = borders(seed 1, rows 0)
CREATE TABLE borders (
  k STRING, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, COUNT(*) AS n, MIN(ts) AS a, MAX(ts) AS b, SUM(ts) AS s FROM TABLE(TUMBLE(TABLE borders, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
