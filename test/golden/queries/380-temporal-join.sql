-- The version that was valid.
-- compare content
-- input readings = readings(seed 380, rows 60)
-- input others = readings(seed 387, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
CREATE TABLE others (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
CREATE TEMPORARY VIEW versions AS SELECT device, rt, temperature, id FROM (SELECT device, rt, temperature, id, ROW_NUMBER() OVER (PARTITION BY device ORDER BY rt DESC) AS rn FROM others) WHERE rn = 1;
SELECT r.id, r.device, v.id AS version, v.temperature FROM readings r JOIN versions FOR SYSTEM_TIME AS OF r.rt AS v ON r.device = v.device;
