-- AVG of DECIMAL alone and beside SUM.
-- input edges = edges(seed 1, rows 0)
CREATE TABLE edges (
  k STRING, ts BIGINT, i INT, l BIGINT, d DOUBLE, f FLOAT, m DECIMAL(38, 10),
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT k, AVG(m) AS a, SUM(m) AS b FROM TABLE(TUMBLE(TABLE edges, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
