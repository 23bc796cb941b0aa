-- Casts between the types of the table.
-- input readings = readings(seed 6, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, CAST(temperature AS INT) AS a, CAST(humidity AS DOUBLE) AS b, CAST(price AS INT) AS c, CAST(price AS DECIMAL(12, 1)) AS d, CAST(ok AS STRING) AS e, CAST(temperature AS STRING) AS f, CAST(ts AS STRING) AS g, CAST(rt AS STRING) AS h, CAST(`at` AS TIMESTAMP_LTZ(3)) AS i, TRY_CAST(status AS INT) AS j, CAST(ok AS INT) AS k, CAST(temperature AS DECIMAL(5, 1)) AS l FROM readings;
