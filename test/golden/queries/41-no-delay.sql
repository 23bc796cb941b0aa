-- A watermark equal to the newest event time.
-- input borders = borders(seed 1, rows 0)
CREATE TABLE borders (
  k STRING, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt
);
SELECT window_start, COUNT(*) AS n, MIN(ts) AS a, MAX(ts) AS b FROM TABLE(TUMBLE(TABLE borders, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
