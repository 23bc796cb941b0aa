-- CASE with and without ELSE, simple CASE, COALESCE, NULLIF, IF.
-- input readings = readings(seed 5, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, CASE WHEN temperature < 0 THEN 'ice' WHEN temperature < 25 THEN 'mild' ELSE 'hot' END AS a, CASE status WHEN 'OK' THEN 1 WHEN 'FAIL' THEN 2.5 END AS b, COALESCE(humidity, -1) AS c, NULLIF(device, '') AS d, COALESCE(device, status, 'none') AS e, IF(ok, humidity, 0) AS f FROM readings;
