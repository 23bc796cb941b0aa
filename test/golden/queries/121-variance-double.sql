-- Variance of DOUBLE and FLOAT: infinities, NaN, cancellation.
-- input edges = edges(seed 1, rows 0)
CREATE TABLE edges (
  k STRING, ts BIGINT, i INT, l BIGINT, d DOUBLE, f FLOAT, m DECIMAL(38, 10),
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT k, VAR_POP(d) AS a, VAR_SAMP(d) AS b, STDDEV_POP(d) AS c, STDDEV_SAMP(d) AS d, VAR_POP(f) AS e, VARIANCE(f) AS f, CAST(STDDEV_POP(f) AS DOUBLE) AS g, CAST(STDDEV(f) AS DOUBLE) AS h
FROM TABLE(TUMBLE(TABLE edges, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
