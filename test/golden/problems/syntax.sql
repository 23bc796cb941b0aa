SELECT device FORM t;
---- reserved word as a name
CREATE TABLE x (device STRING, value DOUBLE) WITH ('connector' = 'print');
---- open string
SELECT device FROM t WHERE device = 'a;
---- != of other dialects
SELECT device FROM t WHERE i != 1;
---- double quotes
SELECT "device" FROM t;
---- no statement
SELEC device FROM t;
---- statement that Flink has
DROP TABLE t;
---- two problems in two statements
SELECT device FROM; SELECT i n d FROM t;
---- interval without quotes
SELECT at + INTERVAL 5 SECOND FROM t;
---- interval of the wrong form
SELECT at + INTERVAL '1:30' HOUR FROM t;
---- date that is none
SELECT DATE '2024-02-30' FROM t;
---- END of nothing
END;
---- SET without quotes
SET pipeline.name = 'a';
---- a job of nothing
SET 'pipeline.name' = 'a';
