"""Words that say nothing about a topic, in English and Spanish, accents folded.

``STOP`` are left out of everything: function words, fillers and what chairs and
speakers say whatever the subject. ``COMMON`` count little: they are usual in any
meeting, but a topic may well be named by them.
"""

from collections.abc import Mapping

_STOP_EN = """
a about above after again ah all also am an and any anyway are as at be because
been before being below between both but by can cannot could did do does doing done
down during each else er every few for from further get gets getting give go goes
going gonna got gotta had has have having he hello her here hers hey him his hm hmm
how huh i if in into is it its itself just kind kinda know least let like lot lots
made make makes may maybe me mean means mhm might mine mm mmhmm more most much must
my myself no nor not now of off oh ok okay on once one ones only onto or other our
ours out over own per perhaps please quite rather re really right s said same say
saying says see seem seems she should since so some somebody somehow someone
something sorry sort still stuff such sure t take than thank thanks that the their
them themselves then there these they thing things think this those though through
to too uh uhhuh um under until up upon us use used uses using ve very wanna want
wanted wants was way we well were what whatever when where whether which while who
whole whom whose why will with within without wont would ya yeah yep yes yet you
your yours yourself actually already always basically certainly clearly definitely
even ever everybody everyone everything exactly first generally guess just never
next obviously often probably second simply sometimes therefore three together two
usually gentlemen ladies mister mr mrs ms dr
"""

_STOP_ES = """
a ademas ah ahi ahora al algo alguien algun alguna algunas alguno algunos alla alli
ambos ante antes aquel aquella aquello aqui asi aun aunque bajo bastante bien bueno
cada casi cierto claro como con conmigo contra cosa cosas creo cual cuales
cualquier cualquiera cuando cuanta cuantas cuanto cuantos da dado dan dar de debe
deben debemos decir dejar del demas demasiado dentro desde despues di dia dias dice
dicen dicho digo donde dos durante e ejemplo el ella ellas ello ellos embargo en
encima entonces entre era eran eres es esa esas ese eso esos esta estaba estaban
estado estamos estan estar estas este esto estos estoy etcetera eh fin fue fuera
fueron gracias gran grande ha haber habia habian hablar hace hacen hacer hacia hago
han has hasta hay haya he hecho hemos hola hoy igual incluso ir junto la las le les
lo los luego mas me mediante mejor menos mi mia mientras mio mis misma mismas mismo
mismos modo momento mucha muchas mucho muchos muy nada nadie ni ningun ninguna
ninguno no nos nosotras nosotros nuestra nuestras nuestro nuestros nunca o os otra
otras otro otros para parece parte pero poco podemos poder podria por porque primera
primero pronto propia propio pude pudo puede pueden puedo pues punto que quien
quienes quiere quiero quizas realmente saber se sea sean segun segundo ser si sido
siempre siendo sin sino sobre sola solamente solo somos son soy su sus suya suyo tal
tales tambien tampoco tan tanta tantas tanto tantos te tener tenemos tengo tenia
tiene tienen toda todas todavia todo todos tras traves tres tu tus un una unas uno
unos usted ustedes va vale vamos van varias varios vaya ve veces ver verdad vez voy
vuestra vuestro y ya yo senor senora senores senoras senoria senorias presidente
presidenta palabra buenos buenas tardes
"""

_COMMON_EN = """
able add again agree ask back bad bit call came case change check come comes course
day days different difference end example fact fine find good great group happen
hard help hour hours idea important interesting issue keep last later least left
line list little long look looking lot main many matter minute minutes month morning
move name need needs new nice number open order part people place plan point
possible pretty problem put question questions reason rest room set show side simple
small start stop talk talking tell test thought time times today together told
tomorrow top try trying turn understand wait week weeks word words work working
world write wrong year years meeting discuss discussion discussing describe
description explain talk topic topics general overview current future possible
update status report progress
"""

_COMMON_ES = """
ano anos acuerdo apoyo aspecto ayuda base buen buena cambio camino caso centro
ciudad ciudadanos conjunto consejo cuenta cuestion cuestiones datos debate decision
diferente dinero dos efecto error espana espanol estado europea europeo fondo forma
general gente gobierno grupo grupos historia hora horas hombre hombres idea
importante informacion lado ley libre linea lugar manera marco materia mayor medida
medidas mes meses millones ministro minuto minutos mujer mujeres mundo necesario
necesidad nivel nombre nueva nuevo numero objetivo objeto pais paises partido
persona personas politica politicas popular posible posicion pregunta preguntas
principio problema problemas proceso propuesta proyecto proximo real razon realidad
relacion respecto respuesta resto resultado sector semana seguir seguridad
sentido servicio situacion social sociedad tema temas tiempo tipo total trabajar
trabajo ultima ultimo vida vista volver
"""

LANGUAGES = ("en", "es")
"""The languages whose words are known here."""

STOP: Mapping[str, frozenset[str]] = {
    "en": frozenset(_STOP_EN.split()),
    "es": frozenset(_STOP_ES.split()),
}

COMMON: Mapping[str, frozenset[str]] = {
    "en": frozenset(_COMMON_EN.split()) - STOP["en"],
    "es": frozenset(_COMMON_ES.split()) - STOP["es"],
}
