-- The same with a key.
-- input borders = borders(seed 1, rows 0)
CREATE TABLE borders (
  k STRING, ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT k, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE borders, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
