-- PERCENTILE of NaN, infinities and zeros.
-- input edges = edges(seed 1, rows 0)
CREATE TABLE edges (
  k STRING, ts BIGINT, i INT, l BIGINT, d DOUBLE, f FLOAT, m DECIMAL(38, 10),
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT k, PERCENTILE(d, 0.5) AS a, PERCENTILE(i, 0.5) AS b, PERCENTILE(l, 0.5) AS c, PERCENTILE(m, 0.5) AS d, PERCENTILE(d, 0) AS e, PERCENTILE(d, 1) AS f, PERCENTILE(f, 0.3) AS g
FROM TABLE(TUMBLE(TABLE edges, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
