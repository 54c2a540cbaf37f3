"""Words that relate articles, but that no editor would take for a reason."""

from curation.engine.stems import word_hash

_COUNTING = """
zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half third
quarter first second fourth fifth sixth seventh eighth ninth tenth last next once twice double number couple several
per percent km kilometre kilometer metre meter centimetre mile degree kilo kilogram
"""
_TIME = """
second minute hour day week weekend fortnight month year decade century morning noon afternoon evening night midnight
today tonight tomorrow yesterday clock time moment early earlier late later ago monday tuesday wednesday thursday
friday saturday sunday january february march april june july august september october november december
"""
_DOING = """
able add added adding agree agreed allow allowed appear appeared arrive arrived ask asked asking became become
becoming began begin beginning begun believe believed bring bringing brought call called calling came carried carry
change changed close closed come coming continue cut decide decided described done drew drive drove expect expected
explain explained fail failed fall fell felt find finding follow followed found gave get getting give given giving go
going gone got happen happened hear heard held help helped hold include included including keep keeping kept knew know
known laid lead leave leaving led let lie like look looked looking lose lost made make making mean meant meet met move
moved moving need needed offer offered open opened paid part pass passed pay paying play point put ran reach reached
read receive received remain remained return returned rise rose run running sat saw see seem seemed seen send sent set
show showed shown sit sitting spoke stand standing stay stayed stood stop stopped take taken taking talk talked tell
thank thing think thought told took tried try trying turn turned understand use used using wait waited waiting walk
walked want wanted went work worked working write wrote written booked lifted filled hung counted signed
"""
_QUALIFYING = """
actually almost alone along already although always among another anybody anyone anything around away back bad behind
best better beside big bottom careful case certain clear close cold common corner course dry easy either else end
enough especially even ever every everybody everyone everything exactly extra far fast few fine free fresh full
general good great hard hardly head high however important inside instead interesting kind large largely least left
less light likely little long longer low main matter maybe middle near nearly neither never nobody none nothing
occasion often old older ones ought outside part particular people perhaps person place possible practice quick quite
rather ready real really reason rest right round short side simple simply since size slow slowly small smaller
somebody someone something sometimes soon sort still straight strong sure somewhere together too top toward town true
upon usual usually wet whatever whether white whole whose wide within without wrong yes yet young different similar
single various example fact way lot bit former latter across recent recently shortly brief briefly man men woman women
boy girl name note ok
"""
_CUT_SHORT = "aren couldn didn doesn hadn hasn haven isn mustn needn shouldn wasn weren wouldn ain won shan"

ORDINARY = frozenset(map(word_hash, f"{_COUNTING} {_TIME} {_DOING} {_QUALIFYING} {_CUT_SHORT}".split()))
"""Their hashes. Only what is said to people depends on this, never what is suggested."""
