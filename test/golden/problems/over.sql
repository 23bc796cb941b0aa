---- no order
SELECT SUM(i) OVER (PARTITION BY device) FROM t;
---- an order that is no time
SELECT SUM(i) OVER (PARTITION BY device ORDER BY i) FROM t;
---- backwards
SELECT SUM(i) OVER (PARTITION BY device ORDER BY rt DESC) FROM t;
---- rows to come
SELECT SUM(i) OVER (ORDER BY rt ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING), LEAD(i) OVER (ORDER BY rt) FROM t;
---- frames that are none
SELECT SUM(i) OVER (ORDER BY rt ROWS BETWEEN 'a' PRECEDING AND CURRENT ROW), SUM(i) OVER (ORDER BY rt RANGE BETWEEN 3 PRECEDING AND CURRENT ROW) FROM t;
---- a window that has no name
SELECT SUM(i) OVER w FROM t; SELECT SUM(i) OVER w FROM t WINDOW v AS (ORDER BY rt);
---- OVER in WHERE
SELECT i FROM t WHERE SUM(i) OVER (ORDER BY rt) > 3;
---- a scalar function with OVER, one of Flink that is not there
SELECT UPPER(device) OVER (ORDER BY rt), NTILE(3) OVER (ORDER BY rt) FROM t;
---- FILTER with OVER
SELECT SUM(i) FILTER (WHERE ok) OVER (ORDER BY rt) FROM t;
---- LAG
SELECT LAG() OVER (ORDER BY rt), LAG(i, n) OVER (ORDER BY rt), LAG(i) OVER (ORDER BY rt ROWS 3 PRECEDING) FROM t;
---- a call that is not closed
SELECT SUM(i) OVER (ORDER BY rt FROM t;
