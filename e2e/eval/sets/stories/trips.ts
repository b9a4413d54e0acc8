import type { Kind } from '../sent.ts';
import { type MessageType, type Story } from '../story.ts';

const of = (domain: string, kind: Kind = 'event', key = 'tripId'): MessageType => ({ domain, kind, key });

/** A trip: one booking after the other; where one fails, those before it are cancelled in reverse. */
export const trips: Story = {
  types: {
    TripRequested: of('trips'),
    BookFlight: of('flights', 'command'),
    FlightBooked: of('flights', 'event', 'bookingRef'),
    BookHotel: of('hotels', 'command'),
    HotelBooked: of('hotels', 'event', 'bookingRef'),
    BookCar: of('cars', 'command'),
    CarBooked: of('cars', 'event', 'bookingRef'),
    CarUnavailable: of('cars'),
    CancelHotel: of('hotels', 'command', 'bookingRef'),
    HotelCancelled: of('hotels', 'event', 'bookingRef'),
    CancelFlight: of('flights', 'command', 'bookingRef'),
    FlightCancelled: of('flights', 'event', 'bookingRef'),
    TripBooked: of('trips'),
    TripFailed: of('trips'),
    ItinerarySent: of('mail'),
  },
  begin({ flow, rng, send }) {
    const tripId = (flow.ids['tripId'] = rng.uuid());
    send('trip-web', 'TripRequested', {
      tripId,
      traveller: flow.customer,
      from: 'BER',
      to: rng.pick(['LIS', 'OSL', 'ROM']),
      nights: rng.int(2, 9),
    });
  },
  handlers: {
    TripRequested: {
      'trip-saga': ({ data, send }) =>
        send('BookFlight', { tripId: data['tripId'] ?? '', to: data['to'] ?? '' }),
    },
    BookFlight: {
      'flight-service': ({ flow, fails, rng, send }) => {
        if (fails(0.08, 'GDS does not answer')) return;
        flow.ids['flight'] = rng.code(6);
        send('FlightBooked', { bookingRef: flow.ids['flight'], tripId: flow.ids['tripId'] ?? '' });
      },
    },
    FlightBooked: {
      'trip-saga': ({ flow, rng, send }) =>
        send('BookHotel', { tripId: flow.ids['tripId'] ?? '', stars: rng.int(2, 5) }),
    },
    BookHotel: {
      'hotel-service': ({ flow, fails, rng, send }) => {
        if (fails(0.08, 'Connection reset')) return;
        flow.ids['hotel'] = rng.code(6);
        send('HotelBooked', { bookingRef: flow.ids['hotel'], tripId: flow.ids['tripId'] ?? '' });
      },
    },
    HotelBooked: {
      'trip-saga': ({ flow, rng, send }) =>
        send('BookCar', { tripId: flow.ids['tripId'] ?? '', category: rng.pick(['A', 'B', 'C']) }),
    },
    BookCar: {
      'car-service': ({ flow, rng, send }) => {
        const { tripId = '' } = flow.ids;
        if (rng.chance(0.25)) send('CarUnavailable', { tripId, reason: 'NONE_LEFT' });
        else send('CarBooked', { bookingRef: rng.code(6), tripId });
      },
    },
    CarBooked: { 'trip-saga': ({ flow, send }) => send('TripBooked', { tripId: flow.ids['tripId'] ?? '' }) },
    CarUnavailable: {
      'trip-saga': ({ flow, send }) => send('CancelHotel', { bookingRef: flow.ids['hotel'] ?? '' }),
    },
    CancelHotel: {
      'hotel-service': ({ data, send }) => send('HotelCancelled', { bookingRef: data['bookingRef'] ?? '' }),
    },
    HotelCancelled: {
      'trip-saga': ({ flow, send }) => send('CancelFlight', { bookingRef: flow.ids['flight'] ?? '' }),
    },
    CancelFlight: {
      'flight-service': ({ data, send }) => send('FlightCancelled', { bookingRef: data['bookingRef'] ?? '' }),
    },
    FlightCancelled: {
      'trip-saga': ({ flow, send }) =>
        send('TripFailed', { tripId: flow.ids['tripId'] ?? '', status: 'FAILED' }),
    },
    TripBooked: {
      'mail-service': ({ flow, send }) =>
        send('ItinerarySent', { tripId: flow.ids['tripId'] ?? '', to: flow.customer }),
    },
    TripFailed: {
      'mail-service': ({ flow, send }) =>
        send('ItinerarySent', { tripId: flow.ids['tripId'] ?? '', to: flow.customer }),
    },
  },
};
