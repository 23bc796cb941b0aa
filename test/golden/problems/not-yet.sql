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
---- without window_end
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start;
---- without GROUP BY
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND));
---- outer, semi and anti joins, joins in time
SELECT a.i FROM t AS a LEFT JOIN t AS b ON a.i = b.i;
SELECT i FROM t WHERE i NOT IN (SELECT n FROM t);
SELECT a.i FROM t AS a JOIN t AS b ON a.i = b.i AND a.rt BETWEEN b.rt AND b.rt + INTERVAL '1' SECOND;
---- Top-N, first rows, LIMIT, ORDER BY
SELECT i FROM t ORDER BY i LIMIT 3;
SELECT i FROM (SELECT i, ROW_NUMBER() OVER (PARTITION BY device ORDER BY rt) AS rn FROM t) WHERE rn = 1;
SELECT i FROM t LIMIT 3;
SELECT i FROM t ORDER BY rt;
---- sets and constants
SELECT i FROM t UNION ALL SELECT n FROM t;
INSERT INTO out VALUES ('a', 1);
SELECT device, COUNT(*) FROM t GROUP BY ROLLUP (device);
---- a distinct aggregate of a window
SELECT COUNT(DISTINCT device) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- state that ends, changes that are written
SET 'table.exec.state.ttl' = '1 d';
CREATE TABLE c (n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'c', 'changelog' = 'op-field');
SELECT /*+ STATE_TTL('t' = '1 d') */ i FROM t;
