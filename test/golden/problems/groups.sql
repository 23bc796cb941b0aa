---- a column of no group
SELECT device, i, COUNT(*) FROM t GROUP BY device;
---- GROUPING of what is no key
SELECT GROUPING(i), GROUPING_ID(), COUNT(*) FROM t GROUP BY ROLLUP (device);
---- the same set twice
SELECT device, COUNT(*) FROM t GROUP BY GROUPING SETS ((device), (device), ());
---- too many sets
SELECT COUNT(*) FROM t GROUP BY CUBE (device, i, n, b, d, price, ok);
---- too many sets in two steps
SELECT COUNT(*) FROM t GROUP BY ROLLUP (device, i, n, b), CUBE (d, price, ok, ts);
---- an aggregate in an aggregate, in WHERE, in GROUP BY
SELECT SUM(COUNT(*)) FROM t WHERE MAX(i) > 1 GROUP BY MIN(i);
---- HAVING without a condition
SELECT COUNT(*) FROM t HAVING SUM(i);
---- * of groups
SELECT * FROM t GROUP BY device;
---- groups that never end
SELECT device, COUNT(*) FROM t GROUP BY device;
---- a window that is grouped by half
SELECT device, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MINUTE)) GROUP BY device, window_end;
---- ORDER BY of SELECT DISTINCT
SELECT DISTINCT device FROM t ORDER BY i LIMIT 3;
---- columns of sets
SELECT device, i FROM t UNION ALL SELECT device FROM t;
---- types of sets
SELECT i FROM t UNION SELECT device FROM t;
---- ROWs of sets
SELECT r FROM t EXCEPT SELECT r FROM t;
---- sets that give rows several times
SELECT i FROM t INTERSECT ALL SELECT n FROM t;
---- MINUS
SELECT i FROM t MINUS SELECT n FROM t;
---- VALUES of different lengths and types
SELECT * FROM (VALUES (1, 'a'), (2)); SELECT * FROM (VALUES (1), ('a'));
---- VALUES of columns
VALUES (i);
---- ORDER BY of a set
SELECT i FROM t UNION ALL SELECT n FROM t ORDER BY d LIMIT 3;
