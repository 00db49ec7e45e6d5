"""What the demo's past neighbours wrote: sentences in Spanish, put together differently each time.

These are people's words in an invented town, kept as any report's words are: nothing here is said
by the bot, so nothing is translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic.lifecycle import NO_ACTION, NOT_NEEDED, NOT_RESPONSIBLE


@dataclass(frozen=True, slots=True)
class Kind:
    """How often a category is reported, how long a repair takes (median, days), and its words."""

    weight: float
    days: float
    problems: Sequence[str]


SPOTS = (
    "frente a la tienda de doña Marta",
    "en la esquina de la cancha",
    "al lado de la panadería",
    "en la cuadra de la escuela",
    "detrás de la iglesia",
    "llegando al puente",
    "en la bajada, antes de la curva",
    "por la entrada del callejón",
    "frente a la casa de la reja verde",
    "en el paradero de las busetas",
    "junto al parquecito",
    "donde termina el pavimento",
    "cerca de la droguería",
    "a media cuadra del puesto de salud",
)
SINCES = (
    "Desde el lunes.",
    "Ya lleva como dos semanas así.",
    "Empezó después del aguacero.",
    "Hace más de un mes.",
    "Desde anoche.",
    "Hoy amaneció peor.",
    "Todos los días es lo mismo.",
    "",
    "",
)
PLEAS = (
    "Por ahí pasan los niños para la escuela.",
    "Ayer casi se cae una señora.",
    "Los vecinos ya estamos preocupados.",
    "Gracias por la atención.",
    "Ojalá lo puedan mirar pronto.",
    "Si necesitan, yo les muestro el sitio.",
    "Mi mamá usa bastón y no puede pasar.",
    "De noche es peor.",
    "",
    "",
    "",
)

KINDS: Mapping[str, Kind] = {
    "alumbrado": Kind(
        22,
        9,
        (
            "La lámpara del poste está fundida {spot}.",
            "El poste {spot} prende y apaga toda la noche.",
            "Toda la cuadra quedó a oscuras {spot}.",
            "El farol {spot} se queda prendido de día.",
            "Hay un poste inclinado {spot} y el cable está flojo.",
            "No hay luz en la calle {spot}, da miedo pasar.",
        ),
    ),
    "vias": Kind(
        20,
        24,
        (
            "Hay un hueco grande {spot}.",
            "Se hundió el pavimento {spot}.",
            "La calle está llena de huecos {spot} y las motos se caen.",
            "Quedó una zanja sin tapar {spot}.",
            "El barro no deja pasar los carros {spot}.",
            "Se está comiendo la orilla de la vía {spot}.",
        ),
    ),
    "basura": Kind(
        18,
        4,
        (
            "Están botando basura {spot}.",
            "No ha pasado el carro de la basura {spot}.",
            "Hay escombros en el andén {spot}.",
            "La caneca {spot} está rota y los perros riegan todo.",
            "Quemaron basura {spot} y el humo entra a las casas.",
            "Hay un colchón viejo tirado {spot}.",
        ),
    ),
    "agua": Kind(
        13,
        5,
        (
            "Hay una fuga de agua limpia {spot}.",
            "No llega agua en las mañanas {spot}.",
            "El agua está saliendo turbia {spot}.",
            "Se rompió un tubo {spot} y se bota el agua.",
            "Hay muy poca presión {spot}.",
        ),
    ),
    "alcantarillado": Kind(
        10,
        14,
        (
            "La alcantarilla está tapada {spot}.",
            "Falta la tapa de una alcantarilla {spot}, muy peligroso.",
            "Cuando llueve se inunda {spot}.",
            "Sale mal olor de la caja {spot}.",
            "El desagüe {spot} se devuelve hacia las casas.",
        ),
    ),
    "parques": Kind(
        7,
        18,
        (
            "El columpio está roto {spot}.",
            "La malla de la cancha está rota {spot}.",
            "El pasto está muy alto {spot}.",
            "Se cayó una rama grande {spot}.",
            "Las bancas {spot} tienen puntillas salidas.",
        ),
    ),
    "andenes": Kind(
        5,
        30,
        (
            "El andén está partido {spot}.",
            "No hay rampa para silla de ruedas {spot}.",
            "Un carro tapa siempre el andén {spot}.",
            "El andén {spot} queda muy alto para las personas mayores.",
        ),
    ),
    "transito": Kind(
        6,
        16,
        (
            "Se borró la cebra {spot}.",
            "Tumbaron la señal de pare {spot}.",
            "Las motos pasan muy rápido {spot}.",
            "Hace falta un reductor de velocidad {spot}.",
        ),
    ),
    "animales": Kind(
        5,
        6,
        (
            "Hay un perro herido {spot}.",
            "Hay muchos perros sueltos {spot} y persiguen a la gente.",
            "Hay un panal de avispas {spot}.",
            "Dejaron una camada de gaticos {spot}.",
        ),
    ),
    "otro": Kind(
        4,
        10,
        (
            "Hay mucho ruido por las noches {spot}.",
            "Se ven cables colgando {spot}.",
            "Hay una casa abandonada {spot} y entra gente.",
            "Un árbol toca los cables de la luz {spot}.",
        ),
    ),
}

ANSWERS = (
    "Gracias por avisar. La cuadrilla pasa esta semana.",
    "Ya lo vimos en el sitio. Estamos esperando el material.",
    "Lo pasamos al equipo de obras y quedó programado.",
    "Fuimos y no encontramos a nadie en casa. Volvemos el jueves.",
    "Se hizo un arreglo por ahora; el definitivo va en el plan del mes entrante.",
)
QUESTIONS = (
    "¿Nos puede decir a qué hora pasa con más fuerza?",
    "¿El daño es sobre la vía o sobre el andén?",
    "¿Hay alguien en el sitio que nos pueda mostrar?",
    "Fuimos y no lo vimos. ¿Qué queda justo al lado?",
)
ADDITIONS = (
    "Es más que todo en la tarde, después de las cinco.",
    "Queda justo al lado de la casa azul de dos pisos.",
    "Sí, mi hermano está todo el día y les puede mostrar.",
    "Ahora está peor que cuando les avisé.",
    "Es sobre el andén, del lado de la sombra.",
)
NOTES = (
    "Llamé a la empresa: dicen que va en la ruta del viernes.",
    "Es el mismo tramo del contrato que está por firmarse.",
    "La vecina es de confianza, siempre avisa bien.",
    "Revisar si entra en la garantía de la obra anterior.",
)
PLANS = (
    "Ya tenemos el material y entra en la programación.",
    "La cuadrilla termina primero el tramo de arriba.",
    "El contratista empieza por esta cuadra.",
)
DELAYS = (
    "Con las lluvias no se pudo trabajar estos días.",
    "Faltó un repuesto que llega la otra semana.",
    "La máquina está en otra emergencia.",
)
WHYS = (
    "Taparon por encima y volvió a salir a los dos días.",
    "Vinieron, miraron y se fueron. Sigue igual.",
    "Quedó a medias, falta la mitad.",
    "Duró bien una semana y volvió a dañarse.",
    "Yo paso todos los días y ahí sigue.",
)
CLOSINGS: Mapping[str, Sequence[str]] = {
    NO_ACTION: (
        "Fuimos dos veces y el problema ya no estaba.",
        "No pudimos ubicar el sitio con lo que tenemos. Si sigue, cuéntenos otra vez.",
        "Quedó incluido en la obra de la vía principal, que empieza el otro año.",
        "El sitio es propiedad privada: hablamos con el dueño y él se encarga.",
    ),
    NOT_RESPONSIBLE: (
        "Esto no lo podemos arreglar desde la Alcaldía. Ya les pasamos su caso.",
        "Esa vía no es del municipio. Mandamos la carta con copia a usted.",
        "Le corresponde a otra entidad: les enviamos las fotos y la dirección.",
    ),
    NOT_NEEDED: (
        "Los vecinos nos cuentan que ya no hace falta. Gracias por avisar.",
        "Con la obra nueva de la cuadra esto ya no hace falta.",
    ),
}
"""What the team wrote when it closed a report, by the reason (civic.lifecycle)."""
BODIES = (
    "Gobernación, oficina de vías departamentales",
    "Corporación ambiental del Sereno",
    "Electrificadora del Sereno",
    "Administración del conjunto Los Almendros",
)
"""Whose it was, where it was not the town's."""
NO_REPORTS = (
    "Arriendo apartamento de dos piezas en el centro, preguntar en la tarde.",
    "Se venden empanadas y tamales por encargo, los domingos bien temprano.",
    "Vendo moto en buen estado, papeles al día, se escuchan ofertas.",
    "Sigan mi página y gánense un celular nuevo, quedan pocos cupos.",
)
"""What somebody sent as a report and is none."""
PSEUDONYMS = (
    "La del balcón azul",
    "Vecino madrugador",
    "Doña Paciencia",
    "El de la bici",
    "Mamá de tres",
    "Un ceibeño",
    "La profe del barrio",
    "Don Tinto",
)
TEXTS = ("1432", "El 0877", "B-215", "No se alcanza a leer bien", "Dice 3061")
"""Answers to what a category asks of its own, in words."""
GIVEN_NAMES = (
    "Rosa", "Luis", "Marta", "Jairo", "Carmen", "Álvaro", "Yolanda", "Pedro", "Luz Marina",
    "Hernán", "Gloria", "Wilson", "Ana", "Ramiro", "Beatriz", "Óscar", "Nelly", "Fabio",
    "Esperanza", "Jhon", "Dora", "Efraín", "Patricia", "Nubia", "Camilo", "Leidy", "Iván",
    "Teresa", "Diego", "Amparo",
)  # fmt: skip
"""Past neighbours are called by these and an initial."""
