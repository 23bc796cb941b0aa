-- Top-N of groups, which change.
-- compare content
-- input readings = readings(seed 354, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, n, rn FROM (SELECT device, n, ROW_NUMBER() OVER (ORDER BY n DESC, device) AS rn FROM (SELECT device, COUNT(*) AS n FROM readings WHERE device IS NOT NULL GROUP BY device)) WHERE rn <= 2;
