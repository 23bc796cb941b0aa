import fc from 'fast-check';
import { writeFileSync, readFileSync, existsSync } from 'node:fs';
import { planSql } from '../host/sql/index.ts';
import { EVERYTHING } from '../host/plan/supported.ts';
import { catalog, TABLES } from './host/sql/catalog.ts';
import { query } from './host/sql/queries.ts';
import { changelogOf } from '../host/plan/changelog.ts';
import { typeText } from '../host/plan/type-text.ts';
import { inputsOf } from '../host/plan/nodes.ts';
const setup=["CREATE TABLE t (device STRING, i INT, n INT NOT NULL, b BIGINT, d DOUBLE, price DECIMAL(10, 2), ok BOOLEAN, ts BIGINT, `at` TIMESTAMP(3), r ROW<a INT, b ROW<c STRING>>, topic STRING, rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND) WITH ('connector'='filesystem','path'='/nowhere','format'='json')"];
const queries=[...new Set(fc.sample(query,{seed:Number(process.argv[3]),numRuns:220}))];
if (process.argv[2]==='ask') writeFileSync('/tmp/diff.request.json', JSON.stringify({setup,queries}));
else {
 const answers=JSON.parse(readFileSync('/tmp/diff.answer.json','utf8'));
 let same=0, refusedBoth=0;
 queries.forEach((sql,k)=>{ const a=answers[k];
  const {plan,problems}=planSql(TABLES+sql,{fileName:'f',catalog,features:EVERYTHING});
  const input=plan?.sinks[0]?.input;
  if(!input){ if(a.error) {refusedBoth++;return;} const p=problems.find(p=>p.severity==='error'); if(p?.code==='unsupported'&&!/ROW/.test(p.message)) console.log('UNSUPPORTED',p.message,'|',sql); else if(p?.code!=='unsupported') console.log('WE REFUSE',p?.code,p?.message,'|',sql); return; }
  if(a.error){ console.log('FLINK REFUSES',a.error,'|',sql); return; }
  const cols=plan!.sinks[0]!.columns.map(({name,type})=>`${name} ${typeText(type)}`).join(', ');
  const exp=a.columns.map((c:any)=>`${c.name} ${c.type.replace(/ \*(ROW|PROC)TIME\*$/,'')}`).join(', ');
  const ops=(n:any):string[]=>[...(['scan','filter','project'].includes(n.kind)?[]:[n.kind]),...inputsOf(n).flatMap(ops)];
  const names=a.plan.map((l:string)=>l.trim().split(' ')[0]).filter((x:string)=>!/^(Calc|WatermarkAssigner|TableSourceScan|LocalWindowAggregate|DropUpdateBefore)$/.test(x));
  const mode=/^[A-Za-z]+ ([A-Z,]+)/.exec(a.plan[0])?.[1];
  const out=[]; if(cols!==exp) out.push(`\n   cols ${cols}\n   flink ${exp}`); if(ops(input).length!==names.length) out.push(`\n   ops ${ops(input)} flink ${names}`); if((changelogOf(input)==='append')!==(mode==='I')) out.push(`\n   mode ${changelogOf(input)} flink ${mode}`);
  if(out.length) console.log('DIFF',sql,...out); else same++;
 });
 console.log({same,refusedBoth,total:queries.length});
}
