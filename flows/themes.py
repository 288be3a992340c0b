"""Finds the suggestions most like one that a person is writing, so that they may support one instead of adding another."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nsmallest
from itertools import pairwise
from math import log, sqrt
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Candidate:
    """A suggestion that exists already: its id in the store and its text as its author wrote it."""

    id: int
    text: str


def normalise(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf" and not "\ufe00" <= c <= "\ufe0f")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    bare = "".join(" " if unicodedata.category(c)[0] in "PZC" else c for c in folded)
    return " ".join(bare.split()) or " ".join(folded.split())

P = dict(letters=1.0, words=1.0, fields=1.0, weak=0.35, ns=(3,4), oov=True, minpart=5, split=True, sk=True, floor=0.05, minvoc=4)

ENDINGS = sorted("ane ene ande ende anes enes ar er en et a e ens ets ers ars es s ing inga ingen ingar inger ingane ingene else elsen elser elsene het heten heter heit heita leik leiken lig leg lege lige ed ness ning ninga ningen t te de".split(), key=len, reverse=True)
@lru_cache(20000)
def skel(w):
    if not P['sk']: return w
    w = re.sub(r"ei","e",w); w=re.sub(r"øy","ø",w); w=re.sub("au","ø",w)
    w = re.sub("aa","å",w)
    w = re.sub(r"tion", "sjon", w); w = w.replace("ph","f").replace("th","t").replace("ch","k").replace("ck","k").replace("c","k").replace("x","ks").replace("w","v").replace("z","s")
    w = re.sub(r"^[kh]v","v",w); w=re.sub(r"hj","h",w); w=re.sub("kj","k",w); w=re.sub("gj","g",w); w=re.sub("tj","t",w); w=re.sub('sj','sh',w)
    w = re.sub(r"(.)\1", r"\1", w)
    return w
@lru_cache(20000)
def stem(w):
    for _ in range(2):
        for e in ENDINGS:
            if w.endswith(e) and len(w)-len(e) >= 3+(len(e)==1):
                w = w[:-len(e)]; break
        else: break
    return skel(w)

class Vocabulary:
    def __init__(self, d):
        items=lambda s:[normalise_entry(x) for x in s.split(",") if x.strip()]
        def normalise_entry(x):
            x=x.strip(); return ("-" if x[0]=="-" else "")+normalise(x)+("-" if x[-1]=="-" else "")
        self.stop={w for w in items(d.get('stop',''))}
        self.same={}
        for k,v in d.get('same',{}).items():
            for x in items(v):
                self.same[x]=normalise(k)
        self.weak={stem(self.same.get(w,w)) for w in items(d.get('weak',''))}
        self.whole=defaultdict(set); self.first=defaultdict(set); self.last=defaultdict(set)
        for f,v in d.get('fields',{}).items():
            for x in items(v):
                if x.endswith('-'): self.first[skel(x[:-1])].add(f); self.whole[stem(x[:-1])].add(f)
                elif x.startswith('-'): self.last[stem(x[1:])].add(f); self.whole[stem(x[1:])].add(f)
                else:
                    ws=x.split()
                    key=" ".join(stem(self.same.get(w,w)) for w in ws)
                    self.whole[key].add(f)
                    if len(ws)==1:
                        self.whole[stem(x)].add(f)
                        if len(stem(x))>=P['minpart']: self.first[stem(x)].add(f); self.last[stem(x)].add(f)
        self.longest=max([len(k.split()) for k in self.whole] or [1])
VOC=None
def voc():
    global VOC
    if VOC is None: VOC=Vocabulary(yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text(encoding="utf-8")))
    return VOC

def features(text, vocab):
    V=voc()
    words=normalise(text).split()
    raw=[(w, V.same.get(w,w)) for w in words]
    stems=[stem(c) for _,c in raw]
    out=defaultdict(float)
    for n in range(2,V.longest+1):
        for i in range(len(stems)-n+1):
            for f in V.whole.get(" ".join(stems[i:i+n]),()): out["f:"+f]=1.0
    content=[(w,c,s) for (w,c),s in zip(raw,stems) if w not in V.stop and c not in V.stop] or [(w,c,s) for (w,c),s in zip(raw,stems)]
    for w,c,s in content:
        wt=P['weak'] if s in V.weak else 1.0
        out["w:"+s]=max(out["w:"+s],wt)
        for st in {s,stem(w)}:
            for f in V.whole.get(st,()): out["f:"+f]=1.0
        sk=skel(w)
        for i in range(3,len(sk)):
            for f in V.first.get(sk[:i],()): out["f:"+f]=max(out["f:"+f],P.get('cpw',1.0))
            for f in V.last.get(stem(w)[i:],()) : out["f:"+f]=max(out["f:"+f],P.get('cpw',1.0))
        if P['split']:
            for i in range(P['minvoc'],len(s)-2):
                for part in (s[:i],s[i:]):
                    if part in vocab and len(part)>=P['minvoc']: out["w:"+part]=max(out["w:"+part],0.7*(P['weak'] if part in V.weak else 1))
        p="_"+s+"_"
        for n in P['ns']:
            for i in range(len(p)-n+1):
                out["n:"+p[i:i+n]]=max(out["n:"+p[i:i+n]],wt)
    return out

class ThemeIndex:
    def __init__(self, candidates):
        self.c=list(candidates)
        V=voc()
        self.vocab={stem(V.same.get(w,w)) for c in self.c for w in normalise(c.text).split() if w not in V.stop}
        fs=[features(c.text,self.vocab) for c in self.c]
        df=Counter(k for f in fs for k in f)
        self.N=len(self.c)
        self.idf={k:log(1+self.N/v) for k,v in df.items()}
        self.post=defaultdict(list)
        for i,f in enumerate(fs):
            for k,v in self.weigh(f).items(): self.post[k].append((i,v))
    def weigh(self,f):
        d={k:v*self.idf.get(k,log(1+self.N) if P['oov'] else 0.0) for k,v in f.items()}
        norm=defaultdict(float)
        for k,v in d.items(): norm[k[0]]+=v*v
        return {k:v/sqrt(norm[k[0]]) for k,v in d.items() if v}
    def scores(self,text):
        q=self.weigh(features(text,self.vocab))
        cw={'n':P['letters'],'w':P['words'],'f':P['fields']}
        s=defaultdict(float)
        for k,v in q.items():
            for i,x in self.post.get(k,()): s[i]+=cw[k[0]]*v*x
        return s
    def nearest(self,text,most=3):
        s=self.scores(text)
        tot=P['letters']+P['words']+P['fields']
        return [self.c[i] for i in sorted((i for i in s if s[i]/tot>P['floor']),key=lambda i:(-s[i],i))[:most]]
