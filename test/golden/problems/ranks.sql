---- no upper bound
SELECT * FROM (SELECT i, ROW_NUMBER() OVER (PARTITION BY device ORDER BY i) AS rn FROM t) WHERE rn > 3;
---- a number that no row has
SELECT * FROM (SELECT i, ROW_NUMBER() OVER (PARTITION BY device ORDER BY i) AS rn FROM t) WHERE rn <= 0;
---- a bound that is no constant
SELECT * FROM (SELECT i, ROW_NUMBER() OVER (PARTITION BY device ORDER BY i) AS rn FROM t) WHERE rn <= i;
---- no order, arguments, a frame
SELECT ROW_NUMBER() OVER (PARTITION BY device), RANK(i) OVER (ORDER BY rt), DENSE_RANK() OVER (ORDER BY rt ROWS 3 PRECEDING) FROM t;
---- ORDER BY without an end
SELECT i FROM t ORDER BY i;
---- ORDER BY a processing time
SELECT i FROM t ORDER BY pt;
---- OFFSET without an end
SELECT i FROM t ORDER BY i OFFSET 3; SELECT i FROM t OFFSET 3;
---- LIMIT of nothing, of text, twice
SELECT i FROM t ORDER BY i LIMIT 0; SELECT i FROM t LIMIT 'a'; SELECT i FROM t LIMIT 3 FETCH FIRST 3 ROWS ONLY;
---- ORDER BY a column that is not there
SELECT i FROM t ORDER BY 3 LIMIT 1; SELECT i FROM t ORDER BY x LIMIT 1;
---- QUALIFY without OVER
SELECT i FROM t QUALIFY i > 3;
