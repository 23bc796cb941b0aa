-- Left join of groups with groups.
-- compare content
-- input readings = readings(seed 337, rows 60)
-- input others = readings(seed 344, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE TABLE others (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT a.device, a.n, b.total FROM (SELECT device, COUNT(*) AS n FROM readings GROUP BY device) a LEFT JOIN (SELECT status, SUM(humidity) AS total FROM others GROUP BY status) b ON a.device = b.status OR a.device = b.status;
