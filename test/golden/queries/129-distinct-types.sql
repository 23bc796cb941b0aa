-- DISTINCT of every type.
-- input readings = readings(seed 129, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, COUNT(DISTINCT status) AS a, COUNT(DISTINCT ok) AS b, COUNT(DISTINCT `at`) AS c, COUNT(DISTINCT price) AS d, COUNT(DISTINCT CAST(price AS DECIMAL(30, 4))) AS e, COUNT(DISTINCT CAST(temperature AS FLOAT)) AS f, COUNT(DISTINCT CAST(`at` AS DATE)) AS g, COUNT(DISTINCT CAST(`at` AS TIME)) AS h, COUNT(DISTINCT id) AS i, COUNT(DISTINCT `position`.site.name || status) AS j
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '60' SECOND)) GROUP BY device, window_start, window_end;
