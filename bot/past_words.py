"""What the demo's past neighbours wrote: sentences in Spanish, put together differently each time.

These are people's words in an invented town, kept as any report's words are: nothing here is said
by the bot, so nothing is translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
CLOSINGS = (
    "Ya estaba reportado por otro vecino y seguimos ese caso.",
    "El sitio es propiedad privada: hablamos con el dueño y él se encarga.",
    "Fuimos dos veces y el problema ya no estaba.",
    "Le corresponde a la empresa de energía: les pasamos el caso con copia a usted.",
    "No pudimos ubicar el sitio con lo que tenemos. Si sigue, cuéntenos otra vez.",
    "Quedó incluido en la obra de la vía principal, que empieza el otro año.",
)
GIVEN_NAMES = (
    "Rosa", "Luis", "Marta", "Jairo", "Carmen", "Álvaro", "Yolanda", "Pedro", "Luz Marina",
    "Hernán", "Gloria", "Wilson", "Ana", "Ramiro", "Beatriz", "Óscar", "Nelly", "Fabio",
    "Esperanza", "Jhon", "Dora", "Efraín", "Patricia", "Nubia", "Camilo", "Leidy", "Iván",
    "Teresa", "Diego", "Amparo",
)  # fmt: skip
"""Past neighbours are called by these and an initial."""
