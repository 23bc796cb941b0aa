---- LIKE of nothing, of a view
CREATE TABLE x LIKE nothing; CREATE VIEW v AS SELECT i FROM t; CREATE TABLE y LIKE v; SELECT i FROM t;
---- LIKE with what is there already
CREATE TABLE x (device STRING, WATERMARK FOR at AS at) WITH ('topic' = 'b') LIKE t (INCLUDING OPTIONS); SELECT i FROM t;
---- LIKE twice the same, and what cannot be
CREATE TABLE x LIKE t (INCLUDING ALL EXCLUDING ALL); CREATE TABLE y LIKE t (OVERWRITING CONSTRAINTS); CREATE TABLE z LIKE t (KEEPING ALL); SELECT i FROM t;
---- a table of nothing
CREATE TABLE x WITH ('connector' = 'print'); CREATE TABLE y AS SELECT i FROM t; SELECT i FROM t;
---- DROP of what is not there, of what is something else
DROP TABLE nothing; DROP TABLE IF EXISTS nothing; DROP VIEW t; DROP FUNCTION f; SELECT i FROM t;
---- DROP hides
DROP TABLE t; SELECT i FROM t;
---- DESCRIBE, EXPLAIN
DESCRIBE nothing; EXPLAIN SELECT z FROM t; EXPLAIN t; EXPLAIN STATEMENT SET BEGIN SELECT i FROM t; END; SELECT i FROM t;
---- statement sets
BEGIN STATEMENT SET; INSERT INTO out SELECT device, z FROM t; EXECUTE STATEMENT SET BEGIN END; END; END;
---- INSERT of what does not fit
INSERT INTO out VALUES ('a', 1), ('b', TRUE); INSERT INTO out (n) VALUES (1, 2); INSERT INTO out SELECT device FROM t;
---- RESET is a statement
RESET 'pipeline.name'; RESET pipeline; SELECT i FROM t;
---- FROM is missing
SELECT *; SELECT i; SELECT 1 WHERE TRUE; SELECT NULL;
