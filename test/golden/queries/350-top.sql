-- Top-N with the number.
-- input readings = readings(seed 350, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, id, temperature, rn FROM (SELECT device, id, temperature, ROW_NUMBER() OVER (PARTITION BY device ORDER BY temperature DESC, id) AS rn FROM readings) WHERE rn <= 3;
