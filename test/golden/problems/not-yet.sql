---- RANK, functions of OVER, frames by order of arrival
SELECT i FROM (SELECT i, RANK() OVER (PARTITION BY device ORDER BY i) AS rn FROM t) WHERE rn <= 3;
SELECT LAG(i) OVER (ORDER BY rt) FROM t;
---- extremes of rows that are taken back
SELECT MAX(n) FROM (SELECT device, COUNT(*) AS n FROM t GROUP BY device);
SELECT MIN(i) OVER (ORDER BY rt ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM t;
---- ORDER BY of more than time, LIMIT, constants
SELECT i FROM t LIMIT 3;
SELECT i FROM t ORDER BY rt, i;
INSERT INTO out VALUES ('a', 1);
---- a distinct aggregate of a window
SELECT COUNT(DISTINCT device, i) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
---- state that ends
SET 'table.exec.state.ttl' = '1 d';
SELECT /*+ STATE_TTL('t' = '1 d') */ i FROM t;
