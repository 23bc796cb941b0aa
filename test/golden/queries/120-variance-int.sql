-- Variance of integers is computed in DOUBLE and cast to the column's type.
-- input edges = edges(seed 1, rows 0)
CREATE TABLE edges (
  k STRING, ts BIGINT, i INT, l BIGINT, d DOUBLE, f FLOAT, m DECIMAL(38, 10),
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT k, VAR_POP(i) AS a, VAR_SAMP(i) AS b, STDDEV_POP(i) AS c, STDDEV_SAMP(i) AS d, VAR_POP(l) AS e, VARIANCE(l) AS f, STDDEV_POP(l) AS g, STDDEV(l) AS h
FROM TABLE(TUMBLE(TABLE edges, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
