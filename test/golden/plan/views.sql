CREATE TABLE t (a STRING, b INT, r ROW<x INT, y ROW<z STRING>>, `group` STRING) WITH ('connector' = 'datagen', 'fields.a.kind' = 'sequence');
CREATE TABLE files (a STRING, z STRING) WITH ('connector' = 'filesystem', 'path' = 'out');
CREATE TEMPORARY VIEW v (one, two, three) AS SELECT a, r, `group` FROM t;
EXECUTE STATEMENT SET BEGIN
  INSERT INTO files SELECT one, two.y.z FROM v AS w WHERE w.two.x > 1;
END;
WITH big AS (SELECT b, b AS c, a FROM t WHERE b > 100) SELECT big.*, c + 1 FROM big;
SELECT x.one, y FROM (SELECT one, three AS y FROM v) AS x;
