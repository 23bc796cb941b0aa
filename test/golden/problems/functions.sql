---- patterns
SELECT REGEXP(device, device), REGEXP(device, '(a)\1'), REGEXP(device, 'a(?=b)'), REGEXP(device, '[a'), REGEXP(device, '*a'), REGEXP(device, 'a{2000}') FROM t;
---- groups
SELECT REGEXP_EXTRACT(device, '(a*)*', 1), REGEXP_EXTRACT(device, '(a)', i) FROM t;
---- SIMILAR TO
SELECT device SIMILAR TO device, device SIMILAR TO '(a', device SIMILAR TO 'a' ESCAPE '!' FROM t;
---- formats
SELECT DATE_FORMAT(at, device), DATE_FORMAT(at, 'yyyy z'), DATE_FORMAT(i, 'yyyy'), TO_DATE(device, 'yy-MM-dd'), TO_TIMESTAMP(device, 'EEE d') FROM t;
---- units
SELECT EXTRACT(FORTNIGHT FROM at), EXTRACT(YEAR FROM i), TIMESTAMPADD(DAY, 1.5, at), TIMESTAMPDIFF(CENTURY, at, at), YEAR(device) FROM t;
---- numbers and hashes
SELECT SHA2(device, i), POWER(device, 2), HEX(d), LOG(1, 2, 3), GREATEST(i, device), RAND(), UUID() FROM t;
