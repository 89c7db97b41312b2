"""Given names: a surname right after somebody else's given name is somebody else (Boris Rutte).

A short list of frequent names, folded, made for this project; a name that is missing costs
precision, never a mention of the person meant.
"""

from typing import Final

_NAMES: Final = """
    aaron abdul abdullah adam adrian agnes ahmad ahmed aidan alan albert alberto alejandro
    aleksandr aleksei alessandro alex alexander alexandra alexei alexey ali alice alina amanda
    amir ana anatoly anders andre andrea andreas andrei andrew andrey andrzej angela anita ann
    anna anne anthony anton antonio arnold arthur artem barbara beata ben benjamin bernard bill
    bob bogdan boris brian bruce carl carla carlos caroline catherine charles charlotte chris
    christian christina christine christopher claire claudia colin cristina daniel daniela daria
    david dean deborah denis dennis diana diego dieter dmitri dmitry dominic donald dorothy
    edward elena elizabeth ella emil emily emma eric erik ernst eva evan eve fatima felix
    fernando florian francesco francis francisco frank franz fred friedrich gabriel galina gary
    georg george gerald gerhard giorgia giovanni giulia giuseppe gordon grace graham greg gregory
    gustav hans harald harry hassan heather heidi heinrich helen helena helga henry herbert hugo
    hussein ian igor ilya ines inga ingrid irina isabel ivan ivana jack jacob jacques jakob james
    jan jane janet jason javier jean jeff jennifer jens jeremy jessica jill jim joan joe johan
    johann johannes john jonathan jorge jose joseph juan judith julia julian julie jurgen karen
    karin karl katarina kate katherine katja keith kelly kenneth kevin klaus kurt lars laura
    lauren laurent lena leo leon leonid lisa liz louis louise lucas lucia luigi luis lukas lydia
    maksim manuel marc marcel marco marcus margaret maria marie marina mario marion mark marko
    markus martha martin mary mateusz matt matteo matthew matthias maurice max maxim megan mehmet
    melanie michael michel michelle miguel mikhail milan monica monika muhammad mustafa nadia
    nancy natalia natasha neil nicholas nick nicola nicolas nicole nigel nikita nikola nikolai
    nikolay nina nora oksana olaf oleg oleksandr olena olga oliver olivia omar oscar otto pablo
    pamela paolo patricia patrick paul paula pavel pedro peter petra phil philip philippe pierre
    piotr rachel rafael ralf raymond rebecca renate richard rita robert roberto roger roland
    roman ronald rosa roy rudolf ruslan ruth ryan sabine salman sam samantha samuel sandra sara
    sarah scott sean sebastian serge sergei sergey sergio serhii sharon silvia simon sofia sonia
    sophie stanislav stefan stefanie stephan stephen steve steven stuart susan susanne svetlana
    sylvia tamara tanya tatiana ted teresa theo theresa thomas tim timothy tina tom tomas tony
    ulrich uwe valentin valeria valery vanessa vera veronica victor victoria viktor vincent
    vitali vitalii vladimir vladislav vlad volodymyr walter wayne werner will william wolfgang
    xavier yana yaroslav yevgeny yulia yuri yusuf yves zara zoe
    """

GIVEN_NAMES: Final = frozenset(_NAMES.split())
