-- Top-N of all.
-- input readings = readings(seed 352, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, humidity, rn FROM (SELECT id, humidity, ROW_NUMBER() OVER (ORDER BY humidity DESC, id) AS rn FROM readings) WHERE rn <= 5;
