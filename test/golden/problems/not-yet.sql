---- OVER
SELECT SUM(i) OVER (ORDER BY rt) FROM t;
---- rows of a window
SELECT device FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND));
---- conditions on windows in WHERE
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) WHERE window_start > TIMESTAMP '2024-01-01 00:00:00' GROUP BY window_start, window_end;
---- other windows
SELECT COUNT(*) FROM TABLE(HOP(TABLE t, DESCRIPTOR(rt), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
SELECT COUNT(*) FROM TABLE(SESSION(TABLE t, DESCRIPTOR(rt), INTERVAL '5' SECOND)) GROUP BY window_start, window_end;
---- windows of windows
CREATE VIEW w AS SELECT window_time AS wt, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time;
SELECT SUM(n) FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(wt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
---- subqueries
SELECT device FROM t WHERE i IN (SELECT n FROM t);
---- join
SELECT a.device FROM t AS a JOIN t AS b ON a.i = b.i;
---- aggregation without a window
SELECT device, COUNT(*) FROM t GROUP BY device;
---- NULL into NOT NULL (a warning)
CREATE TABLE strict (device STRING NOT NULL) WITH ('connector' = 'print'); INSERT INTO strict SELECT device FROM t;
---- without window_end
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start;
---- without GROUP BY
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND));
