-- DISTINCT in every aggregate that has it.
-- input readings = readings(seed 126, rows 400)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, COUNT(DISTINCT device) AS a, SUM(DISTINCT humidity) AS b, AVG(DISTINCT humidity) AS c, MIN(DISTINCT humidity) AS d, MAX(DISTINCT humidity) AS e, SUM(DISTINCT price) AS f, AVG(DISTINCT price) AS g, SUM(DISTINCT temperature) AS h, AVG(DISTINCT temperature) AS i, COUNT(DISTINCT status) AS j, COUNT(*) AS n, SUM(humidity) AS o
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
