---- a name that two tables have
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT device FROM t JOIN u ON t.device = u.device;
---- a table that is not there, a column that is not there
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT t.x, w.x, x FROM t JOIN u ON t.device = u.devise;
---- two tables of one name
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT t.i FROM t JOIN t ON t.i = t.n;
---- a join without its condition
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u WHERE t.device = u.device;
---- USING names what only one side has
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u USING (device, x);
---- a condition that is none
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u ON t.i + u.x;
---- types that cannot be compared
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u ON t.ok = u.x;
---- SEMI JOIN
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t LEFT SEMI JOIN u ON t.device = u.device;
---- LATERAL
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t, LATERAL (SELECT x FROM u WHERE u.device = t.device);
---- no version: the key is not among the equal columns
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u FOR SYSTEM_TIME AS OF t.rt ON t.device = u.device;
---- a version of a table without a time
CREATE TABLE v (k STRING, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'mqtt', 'topic' = 'v');
SELECT i FROM t JOIN v FOR SYSTEM_TIME AS OF t.rt ON t.device = v.k;
---- as of something else than the event time
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u FOR SYSTEM_TIME AS OF t.at ON t.device = u.device;
---- a lookup join
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u FOR SYSTEM_TIME AS OF t.pt ON t.device = u.device;
---- a version outside of a join
SELECT i FROM t FOR SYSTEM_TIME AS OF rt;
---- RIGHT JOIN with a version
CREATE TABLE v (k STRING, at TIMESTAMP(3), WATERMARK FOR at AS at, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'mqtt', 'topic' = 'v');
SELECT i FROM t RIGHT JOIN v FOR SYSTEM_TIME AS OF t.rt ON t.device = v.k;
---- a bound of processing time
SELECT a.i FROM t AS a JOIN t AS b ON a.pt BETWEEN b.pt AND b.pt + INTERVAL '1' SECOND;
---- UNNEST of what is no collection
SELECT i FROM t CROSS JOIN UNNEST(device) AS e;
---- UNNEST alone
SELECT e FROM UNNEST(device) AS e;
---- IN with more columns than values
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t WHERE device IN (SELECT device, x FROM u);
---- IN with a type that does not fit
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t WHERE ok IN (SELECT x FROM u);
---- EXISTS that is no condition of its own
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t WHERE i > 3 OR EXISTS (SELECT 1 FROM u WHERE u.device = t.device);
---- IN with a query in the select list
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT device IN (SELECT device FROM u) FROM t;
---- a scalar subquery
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t WHERE i = (SELECT MAX(x) FROM u);
---- a row value
SELECT i FROM t WHERE (i, n) = (1, 2);
---- a name of the outer query where it is not in sight
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t WHERE i IN (SELECT t.n FROM u);
---- nothing is equal: each row meets every other
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i FROM t JOIN u ON t.i < u.x;
