---- groups into a sink that takes new rows
INSERT INTO out SELECT device, COUNT(*) FROM t GROUP BY device;
---- an outer join into a sink that takes new rows
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
INSERT INTO out SELECT t.device, x FROM t LEFT JOIN u ON t.device = u.device;
---- a filter over Top-N into a sink that takes new rows
INSERT INTO out SELECT device, b FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY device ORDER BY b DESC) AS rn FROM t) WHERE rn <= 3 AND ok;
---- an upsert sink without a key
CREATE TABLE totals (device STRING, n BIGINT) WITH ('connector' = 'upsert-kafka'); INSERT INTO totals SELECT device, COUNT(*) FROM t GROUP BY device;
---- state that grows without end: joins, first rows, ranks
CREATE TABLE u (device STRING, x INT, at TIMESTAMP(3), WATERMARK FOR at AS at) WITH ('connector' = 'mqtt', 'topic' = 'u');
SELECT i, x FROM t JOIN u ON t.device = u.device; SELECT i FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY device ORDER BY rt) AS rn FROM t) WHERE rn = 1; SELECT i FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY device ORDER BY i) AS rn FROM t) WHERE rn <= 2;
---- a time to live that is none
SET 'table.exec.state.ttl' = 'long'; SELECT /*+ STATE_TTL('t' = 'long') */ DISTINCT device FROM t;
---- hints
SELECT /*+ FASTER */ i FROM t; SELECT /*+ STATE_TTL( */ i FROM t; SELECT i FROM t /*+ OPTIONS('qos' = '1') */; SELECT i /*+ NOTHING */ FROM t;
---- 'changelog' is one of its values
CREATE TABLE c (device STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'c', 'changelog' = 'kinds'); INSERT INTO c SELECT device, COUNT(*) FROM t GROUP BY device;
---- a key that does not tell the rows apart
CREATE TABLE totals (device STRING, n BIGINT, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
INSERT INTO totals SELECT device, COUNT(*) FROM t GROUP BY device;
---- a window over rows that change
CREATE VIEW latest AS SELECT device, rt FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY device ORDER BY rt DESC) AS rn FROM t) WHERE rn = 1;
INSERT INTO out SELECT device, COUNT(*) OVER (PARTITION BY device ORDER BY rt) FROM latest;
