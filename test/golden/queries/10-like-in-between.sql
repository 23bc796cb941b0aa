-- LIKE, IN and BETWEEN with NULLs.
-- input readings = readings(seed 10, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, device LIKE 'd%-_' AS a, status LIKE '%!%' ESCAPE '!' AS b, device IN ('dev-0', 'dev-1') AS c, humidity NOT IN (1, 2, 3) AS d, temperature BETWEEN 0 AND 20 AS e, status NOT LIKE 'OK' AS f FROM readings WHERE status LIKE 'ok!%' ESCAPE '!' OR humidity BETWEEN 10 AND 60;
